-- Not in the log of the server, so that no copy of that has the key either; a crash makes a new one.
ALTER TABLE newsrooms_clienthashkey SET UNLOGGED;
