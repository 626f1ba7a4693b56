"""Namespaces of the interface (facts: IPS API section 2)."""

from __future__ import annotations

WSDL = "http://www.scene7.com/IpsApi"
COMMON = "http://www.scene7.com/IpsApi/xsd"
VERSIONED = "http://www.scene7.com/IpsApi/xsd/{version}"

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"

XSD = "http://www.w3.org/2001/XMLSchema"
