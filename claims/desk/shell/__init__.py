"""What all screens of the desk share: frame, navigation, access, and the one endpoint behind every button."""
