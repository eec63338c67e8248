"""What other sites show of a claim: a card in a frame, its oEmbed, and a block of HTML for a CMS (docs/readers.md)."""
