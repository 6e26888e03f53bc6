"""Speaker's pages: one's own proposals, invitations, profile, tasks and slots."""
