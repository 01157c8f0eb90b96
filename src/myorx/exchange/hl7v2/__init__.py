"""HL7 v2.x: results (ORU^R01) and orders (RDE, OMP) through the mapping of one hospital."""
