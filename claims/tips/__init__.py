"""Tips from readers: received, grouped with those that ask the same, decided on by editors, answered by their link."""
