"""Fault injection: rules of what goes wrong, the choice of the calls they hit, and doing it.

reading (a file) -> rules (values) -> book (which rule hits this call) -> carrying_out (HTTP)
                                                                       -> jobs (job fates)
"""
