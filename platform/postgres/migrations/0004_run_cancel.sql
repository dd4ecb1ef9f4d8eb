-- Up Migration
-- Whether somebody asked the holder of a run to stop it. A new hold begins without such a wish.

ALTER TABLE bullpen.run_holds ADD COLUMN cancel_requested boolean NOT NULL DEFAULT false;
