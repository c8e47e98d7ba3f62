"""Turns a Report into one page of HTML with plots, that reads offline; measures nothing and runs no script."""

from qa.evaluation.page.curves import latency, reliability, risk_coverage
from qa.evaluation.page.plot import Plot, standalone_svg
from qa.evaluation.page.write import Exchange, to_html

__all__ = ["Exchange", "Plot", "latency", "reliability", "risk_coverage", "standalone_svg", "to_html"]
