"""Figures for answers (length, variety, agreement), and the differences between them.

from workers_ai.answer_figures import figures_of, word_difference

figures = figures_of(outcomes_of_one_setting)
figures.distinct_2      # None, not 0, if nothing could be counted
"""

from workers_ai.answer_figures.figures import Answered, Figures, figures_of
from workers_ai.answer_figures.measures import agreement, distinct, repetition
from workers_ai.answer_figures.request_differences import Change, request_difference
from workers_ai.answer_figures.row_exports import ROW_FORMS, RowForm, export_rows
from workers_ai.answer_figures.word_differences import Segment, word_difference
from workers_ai.answer_figures.words import words

__all__ = [
    "ROW_FORMS",
    "Answered",
    "Change",
    "Figures",
    "RowForm",
    "Segment",
    "agreement",
    "distinct",
    "export_rows",
    "figures_of",
    "repetition",
    "request_difference",
    "word_difference",
    "words",
]
