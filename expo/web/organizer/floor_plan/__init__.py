"""Floor plans: halls as drawings, with booths that are placed, priced and sold."""
