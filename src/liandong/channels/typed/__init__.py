"""Letters and visits (R2): what came on paper or was said at the counter, typed in at a desk."""
