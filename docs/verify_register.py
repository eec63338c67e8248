"""Verify a desk's register of complaints, and the versions of its site's pages, without trusting the desk.

    python verify_register.py --checkpoint FILE|URL --key KEY --log FILE|URL

Needs verify_history.py beside it, and what that needs. --log: the address /proof/site-log of the site, or
site-log.ndjson.gz of a mirror. --checkpoint and --key: as there; a checkpoint covers the entries of before its day.
Exit code 0 if all that could be compared agrees, else 1. It says itself what is proved and what is not."""

import argparse
import base64
import json
import sys

import verify_history as history


def verify(given):
    _, _, said = history.checkpoint_of(given.checkpoint, given.key)
    size, _, hash_ = said.get("site", "").partition(" ")
    if not size.isdecimal():
        raise history.Forged("The checkpoint is from before 0.8.0, when the register was not signed.")
    lines, end = history.signed_log([given.log], int(size), base64.b64decode(hash_), "factcheck-site/2")
    for number, (line, body) in lines.items():
        if history.sha256(body.encode()).hex() != line[6]:
            raise history.Forged(f"The body of row {number} is not the one that the log commits to.")
        what = f"version {json.loads(body)['version']}" if line[3] == "page_published" else body
        later = "" if number <= int(size) else "; after the checkpoint, which does not cover it"
        history.say(f"  row {number}, {line[2]}: {line[3]} {line[4]} {line[5]} {what}{later}")
    if closed := end - len(lines):
        history.say(f"Not proved: what {closed} rows of before 0.8.0 say, whose lines hold times and are not shown.")
    proved = sum(number <= int(size) for number in lines)
    history.say(
        f"Proved: {proved} of {end} entries stood so, on the day that each has, when the checkpoint was signed."
    )
    history.say(
        "Not proved: that no complaint was turned away before it was logged; that an answer was a good one; that"
    )
    history.say("the key is the desk's, unless you have it from elsewhere; that all are shown the same log.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--checkpoint", "--key", "--log"):
        parser.add_argument(option, required=True)
    try:
        verify(parser.parse_args())
    except (history.Forged, history.InvalidSignature) as error:
        sys.exit(f"Not proved: {str(error) or 'the checkpoint is not signed by this key.'}")
    except (RecursionError, OSError, EOFError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        sys.exit(f"Not proved: what was given cannot be read ({type(error).__name__}: {error}).")
