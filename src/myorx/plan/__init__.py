"""From a guideline and a patient to a plan."""

from myorx.plan.assemble import Planner, make_plan
from myorx.plan.encode import decode, encode
from myorx.plan.model import Plan

__all__ = ["Plan", "Planner", "decode", "encode", "make_plan"]
