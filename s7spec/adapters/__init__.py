"""The outside world behind the ports: IPS over SOAP, the ledger, credentials, the clock."""
