"""The corridor: composes the rooms, and nothing else does.

Import from its modules: who only compiles does without what plans and applies.
"""
