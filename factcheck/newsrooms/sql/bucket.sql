-- Rate limits may be lost in a crash. Free space in each page lets updates stay in it.
ALTER TABLE newsrooms_bucket SET UNLOGGED;
ALTER TABLE newsrooms_bucket SET (fillfactor = 50);
