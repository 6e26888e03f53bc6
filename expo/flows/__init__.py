"""Operations that span domains, each in one transaction."""
