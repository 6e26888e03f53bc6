"""E-mails: an outbox written in the transaction of the act that causes them, sent after the commit.

Without `MAIL_URL` e-mails stay in the outbox, where organizers of a trial installation can read them.
"""
