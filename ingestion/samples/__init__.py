"""The simulator: sample provinces, their workbooks and a sample portal, with planted faults and their truth.

Only the ``htx sample`` command and tests may import this package. ``writer.write_sample`` is the entry point,
``site.serve`` serves the portal on loopback. No number here describes a real province.
"""
