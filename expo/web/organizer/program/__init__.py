"""The programme: sessions, speakers, import and export."""
