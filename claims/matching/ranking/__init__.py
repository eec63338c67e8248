"""Order the candidates of a text, and tell how likely each is to be the claim that the text makes."""
