"""What an editor does by hand to the statements of a document: their spans, marks, figures and speakers."""
