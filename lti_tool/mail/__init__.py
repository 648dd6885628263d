"""Messages to people: written in the transaction of what they tell of, sent by the worker.

Never a mark in a message, never a name in a subject. A message whose sending was cut short is
*unsure* and is not sent again by itself. Callers say what happened and to whom; the words stand
in `config/words/messages.yaml`.
"""
