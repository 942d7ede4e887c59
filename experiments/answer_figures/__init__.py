"""Answers in figures, and side by side: how long, how varied, how alike, and what differs.

from workers_ai.answer_figures import figures_of, word_difference

figures = figures_of(outcomes_of_one_setting)
figures.distinct_2      # None where nothing could be counted, and never 0 instead
"""
