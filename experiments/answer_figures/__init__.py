"""Figures for answers (length, variety, agreement), and the differences between them.

from experiments import figures_of, word_difference

figures = figures_of(outcomes_of_one_setting)
figures.distinct_2      # None, not 0, if nothing could be counted
"""
