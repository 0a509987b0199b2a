"""The simulator: sample provinces, their workbooks and a sample portal, with planted faults and the truth of them.

Only the ``htx sample`` command and tests may import this room. ``writer.write_sample`` is the way in, ``site.serve``
puts the portal on loopback. No number here describes a real province.
"""
