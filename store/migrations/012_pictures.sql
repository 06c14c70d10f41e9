-- Alerts come with the picture of their article, where there is one.
ALTER TABLE chats ADD COLUMN pictures BOOLEAN NOT NULL DEFAULT FALSE;
