-- Bodies up to half a page stay in their row, where a list reads them without a second look-up.
ALTER TABLE claims_publicationbody SET (toast_tuple_target = 4064);
