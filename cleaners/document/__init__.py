"""What a document says itself: its number, organs, dates, kind, signature and imprint; people and their contacts."""
