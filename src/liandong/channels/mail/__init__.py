"""E-mail: a mailbox is read over IMAP, answers go out over SMTP. What a machine wrote by itself is never answered."""
