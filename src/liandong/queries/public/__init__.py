"""What anybody may read without a sign-in: which number to call, who takes what, and, with a code, one's own matter."""
