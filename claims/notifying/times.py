"""When a person is sent her mail: at once, hourly or daily, never in her quiet hours. Pure."""

from datetime import datetime, time, timedelta, tzinfo

from claims.models.desk.preferences import Preferences

GATHER = timedelta(minutes=3)
"""What is mailed at once waits so long, so that several notices of one act become one mail, and a reader needs none."""
DAILY_AT = time(8)


def mail_due(created_at: datetime, wanted: Preferences) -> datetime:
    """When a notice that was written at this time is mailed."""
    local = created_at.astimezone(wanted.zone)
    if wanted.mail == Preferences.Mail.DAILY:
        due = _next(local, DAILY_AT)
    elif wanted.mail == Preferences.Mail.HOURLY:
        due = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    else:
        due = local + GATHER
    return after_quiet(due, wanted)


def after_quiet(moment: datetime, wanted: Preferences) -> datetime:
    """The moment itself, or the end of the quiet hours that it lies in."""
    if wanted.quiet_to is None or not is_quiet(moment, wanted):
        return moment
    return _next(moment.astimezone(wanted.zone), wanted.quiet_to)


def is_quiet(moment: datetime, wanted: Preferences) -> bool:
    """Whether the moment lies in the person's quiet hours, which may span midnight; their end is outside."""
    start, end = wanted.quiet_from, wanted.quiet_to
    if start is None or end is None:
        return False
    clock = moment.astimezone(wanted.zone).time()
    return start <= clock < end if start < end else clock >= start or clock < end


def _next(local: datetime, clock: time) -> datetime:
    """The next time that clocks of this zone show `clock`, after `local`."""
    zone: tzinfo | None = local.tzinfo
    today = datetime.combine(local.date(), clock, tzinfo=zone)
    return today if today > local else datetime.combine(local.date() + timedelta(days=1), clock, tzinfo=zone)
