"""How web processes and the matcher talk: JSON in frames of bounded length over a unix socket."""
