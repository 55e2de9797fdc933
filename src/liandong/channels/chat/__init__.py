"""Chat applications by one small contract of ours: a signed webhook in, a signed callback out. An adapter beside the application's own
interface (a mini-programme, an official account) translates; docs/how-to/channels.md says what it posts and takes."""
