-- PostgreSQL's own compression of a text takes longer than everything else in recording a poll. lz4 takes a tenth of
-- that, but not every server was built with it; there texts are stored uncompressed, in some three times the space.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
        ALTER TABLE sources_text ALTER COLUMN text SET COMPRESSION lz4;
    ELSE
        ALTER TABLE sources_text ALTER COLUMN text SET STORAGE EXTERNAL;
    END IF;
END
$$;
