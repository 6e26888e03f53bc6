"""Letters: an outbox written in the transaction of the act that causes them, sent after the commit.

Without `MAIL_URL` letters stay in the outbox, where organizers of a trial can read them.
"""
