-- What Telegram refused as too fast is known to every process.
ALTER TABLE limiter ADD COLUMN paused_until BIGINT NOT NULL DEFAULT 0; -- nobody sends before
ALTER TABLE limiter ADD COLUMN struck_chat BIGINT NOT NULL DEFAULT 0;  -- the chat that was refused last
ALTER TABLE limiter ADD COLUMN struck_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE limiter ADD COLUMN struck_until BIGINT NOT NULL DEFAULT 0; -- how long Telegram wanted silence there
