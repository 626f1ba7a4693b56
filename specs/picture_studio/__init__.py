"""A small ray-marching picture studio: draws the product pictures of the sample catalog.

Conventions used by every module:

* points and directions are float32 arrays of shape ``(3, n)``; x points right, y up, z to the
  camera; one unit is about the height of a product;
* colours are linear-light float32 arrays of shape ``(3, n)``, 1.0 being a white sheet of paper;
* a distance function takes points ``(3, n)`` and returns signed distances ``(n,)``.
"""
