"""What the demo borough shows of residents' ideas."""

from panel_app.budgets.ideas.demo.story import PARTS

__all__ = ["PARTS"]
