"""What people offer and seek, who may find them, and which contact details they share."""
