"""SOAP as IPS speaks it: envelopes in and out, faults, the XSD check. Knows no operation."""
