"""The public record: what went out."""
