"""The frame around every page: navigation, links, notices, identity, security."""
