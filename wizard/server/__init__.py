"""Between the wire and the application: whatever has to be waited for, waits without holding a thread.

granian reads heads. Bodies are read here, on the event loop, where a thousand that never end cost a little memory and
nobody's time. Only a request that has arrived whole is given to the WSGI application (PEP 3333), in a thread of its
*lane*, of which there are three: so pages don't wait behind tests of a Snowflake that doesn't answer, nor those behind
keys that are being made. A page that waits for nothing needs no thread at all, nor does a short answer of a form.
"""
