"""Speaker's pages: own proposals, invitations, profile, tasks and slots."""
