//! Reads EngageLab LiveDesk tickets into the unified ticket model.
