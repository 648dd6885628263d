"""What is taken away of a log: the record of one participant, on paper and as a Word document."""
