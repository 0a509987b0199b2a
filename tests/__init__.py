"""Proof, in layers: unit, dbt, pipeline, faults, bench."""
