-- In which a person reads times; null for that of their browser, and UTC in mails.
ALTER TABLE "User" ADD COLUMN "timeZone" TEXT;
ALTER TABLE "User" ADD CONSTRAINT "User_timeZone_length" CHECK (char_length("timeZone") <= 64);
