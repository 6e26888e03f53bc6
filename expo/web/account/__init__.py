"""The signed-in person's account: password, second factor, sessions."""
