"""The account of whoever is signed in: password, second factor, sessions."""
