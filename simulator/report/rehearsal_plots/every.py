"""Every plot of a rehearsal beside demand, in order of worth to a programme lead."""

from simulator.report.rehearsal_plots.funnel import funnel
from simulator.report.rehearsal_plots.harms import harms_by_owner
from simulator.report.rehearsal_plots.hours import hours
from simulator.report.rehearsal_plots.news import time_to_news
from simulator.report.rehearsal_plots.numbered_plot import NumberedPlot
from simulator.report.rehearsal_plots.officer_load import officer_load
from simulator.report.rehearsal_plots.victim_weeks import victim_weeks
from simulator.results.values import RehearsalResult


def portal_plots(result: RehearsalResult) -> list[NumberedPlot]:
    """Make the plots for which the run has numbers."""
    makers = (funnel, time_to_news, hours, victim_weeks, officer_load, harms_by_owner)
    return [plot for make in makers for plot in make(result)]
