"""Short messages over SMPP 3.4: the text alarm (12110) and the hotline's number in, answers out, with their receipts."""
