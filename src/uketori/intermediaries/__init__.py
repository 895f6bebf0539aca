"""Intermediaries (申請等取次者): proof of a mail address, holders, certificates, claims."""
