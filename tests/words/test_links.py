"""What the link page says in place of a message's kind and of a refusal's reason."""

from liandong.rules import exchange, messages
from liandong.words import links


def test_every_message_of_the_protocol_has_its_words_and_none_is_left_over():
    assert set(links.MESSAGES) == set(messages.KINDS)


def test_every_refusal_that_leaves_a_message_before_a_person_has_its_words_and_none_is_left_over():
    of_questions = {"asked_before"}
    assert set(links.REFUSALS) == set(exchange.REASONS) - set(exchange.PASSES) - of_questions
