"""The screen of one's notices, and the settings of the chats that are told of them."""
